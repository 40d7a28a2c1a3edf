"""Monograms, drawn here: the demo uses nobody's trademark."""

import colorsys
import io
import zlib

from django.core.files.images import ImageFile
from PIL import Image, ImageDraw, ImageFont
from wagtail.images import get_image_model

SIZE = (640, 320)


def monogram(name: str, letters: str, described: bool = True):
    """The image of an organisation's letters on a colour of its own, made once."""
    title = f"Monogram {name}"
    description = f"Monogram of {name}" if described else ""
    found = get_image_model().objects.filter(title=title).first()
    if found:
        if found.description != description:
            found.description = description
            found.save()
        return found
    hue = zlib.crc32(name.encode()) % 360 / 360
    colour = tuple(round(255 * part) for part in colorsys.hls_to_rgb(hue, 0.28, 0.55))
    picture = Image.new("RGB", SIZE, colour)
    size = 170 if len(letters) < 4 else 110
    ImageDraw.Draw(picture).text(
        (SIZE[0] / 2, SIZE[1] / 2), letters, "white", ImageFont.load_default(size), anchor="mm"
    )
    data = io.BytesIO()
    picture.save(data, "PNG")
    data.seek(0)
    return get_image_model().objects.create(
        title=title,
        description=description,
        file=ImageFile(data, f"monogram-{letters.lower().replace(' ', '-')}.png"),
        width=SIZE[0],
        height=SIZE[1],
    )
