#!/usr/bin/env bash
# Holds the OpenAPI document against the rules of Redocly and Spectral. Needs Node.js and npm.
#
#   .ci/openapi-lint.sh [PYTHON]
#
# PYTHON has the package and the example site's needs; .venv/bin/python where left out.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-.venv/bin/python}
tools=.venvs/openapi-lint
work=$(mktemp -d)

mkdir -p "$tools"
npm install --prefix "$tools" --no-audit --no-fund --loglevel error \
    "@redocly/cli@^2" "@stoplight/spectral-cli@^6"

# What is left out: addresses end with a slash, as Django's and those of Wagtail's own API do; whose
# the document is, its licence and whom to ask, is for the site to say.
cat >"$work/redocly.yaml" <<'END'
extends: [recommended-strict]
rules:
  no-path-trailing-slash: off
  info-license: off
END
cat >"$work/spectral.yaml" <<'END'
extends: ["spectral:oas"]
rules:
  path-keys-no-trailing-slash: off
  info-contact: off
END

for settings in example_site.settings tests.settings; do
    echo "$settings"
    DJANGO_SETTINGS_MODULE=$settings "$python" -m django regional_openapi >"$work/openapi.json"
    REDOCLY_SUPPRESS_UPDATE_NOTICE=true REDOCLY_TELEMETRY=off \
        "$tools/node_modules/.bin/redocly" lint --config "$work/redocly.yaml" "$work/openapi.json"
    "$tools/node_modules/.bin/spectral" lint --fail-severity hint \
        --ruleset "$work/spectral.yaml" "$work/openapi.json"
done
