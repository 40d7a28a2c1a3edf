"""What spreadsheets show for a formula that failed, in the languages they come in."""

from __future__ import annotations

import re
from typing import Final

# Workbooks keep them in English; a CSV file has them as they were shown. Whole cells only: a name
# may begin with "#".
_ERRORS: Final = frozenset(
    f"#{word}"
    for words in (
        # English, and what Google and LibreOffice add
        "NULL! DIV/0! VALUE! REF! NAME? NUM! N/A GETTING_DATA SPILL! CALC! FIELD! BLOCKED! "
        "CONNECT! UNKNOWN! BUSY! EXTERNAL! PYTHON! TIMEOUT! ERROR! N/A! FMT? MACRO?",
        # Dutch
        "LEEG! DEEL/0! WAARDE! VERW! NAAM? GETAL! N/B OVERLOOP! BEREKENEN! BEREKENING! "
        "GEGEVENS_OPHALEN VELD! GEBLOKKEERD! VERBINDEN! VERBINDING! ONBEKEND! BEZET!",
        # German
        "WERT! BEZUG! ZAHL! NV ÜBERLAUF! KALK! DATEN_ABRUFEN FELD! BLOCKIERT! VERBINDEN! "
        "UNBEKANNT!",
        # French
        "NUL! VALEUR! NOM? NOMBRE! PROPAGATION! EPARS! ÉPARS! CHARGEMENT_DONNEES CHAMP! BLOQUE! "
        "CONNEXION! INCONNU!",
        # Spanish
        "¡NULO! ¡DIV/0! ¡VALOR! ¡REF! ¿NOMBRE? ¡NUM! N/D ¡DESBORDAMIENTO! ¡CALC! ¡CAMPO! "
        "¡CONECTAR! ¡DESCONOCIDO! ¡BLOQUEADO! OBTENIENDO_DATOS",
        # Italian, Portuguese, Catalan
        "NULLO! VALORE! RIF! NOME? ESPANSIONE! NULO! VALOR! NÚM! DESPEJAR! TRANSBORDO! DESPEJO! "
        "NOM? ESTADO! CAMPO! BLOCCATO! CONNETTI! SCONOSCIUTO!",
        # Danish, Norwegian, Swedish, Finnish
        "DIVISION/0! VÆRDI! REFERENCE! NAVN? I/T VERDI! SKÄRNING! VÄRDEFEL! REFERENS! NAMN? "
        "OGILTIGT! SAKNAS! SAKNAS OVERLØB! TYHJÄ! JAKO/0! ARVO! VIITTAUS! NIMI? LUKU! PUUTTUU! "
        "PUUTTUU",
        # Polish, Czech, Slovak, Hungarian
        "ZERO! DZIEL/0! ARG! ADR! NAZWA? LICZBA! N/D! DĚLENÍ_NULOU! HODNOTA! ODKAZ! NÁZEV? "
        "ČÍSLO! NENÍ_K_DISPOZICI HODN! NÁZOV? NEDOSTUPNÝ NULLA! ZÉRÓOSZTÓ! ÉRTÉK! HIV! NÉV? "
        "SZÁM! HIÁNYZIK",
        # Russian, Ukrainian, Turkish
        "ПУСТО! ДЕЛ/0! ЗНАЧ! ССЫЛКА! ИМЯ? ЧИСЛО! Н/Д ПЕРЕНОС! ВЫЧИСЛ! ЗНАЧЕННЯ! ПОСИЛАННЯ! "
        "BOŞ! SAYI/0! DEĞER! BAŞV! AD? SAYI! YOK",
    )
    for word in words.split()
)

# A column too narrow for what is in it, and LibreOffice's numbered errors.
_OTHERS: Final = re.compile(r"#{3,}|Err:5[0-9]{2}")


def is_error_value(text: str) -> bool:
    """Whether a cell says no more than that its formula failed, or could not be shown."""
    return text in _ERRORS or _OTHERS.fullmatch(text) is not None
