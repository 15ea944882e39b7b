#!/bin/sh
# Stands in for the person's browser as `$BROWSER`: notes the address, so that the test can open it.
printf '%s' "$1" >"$DRAWBRIDGE_E2E_OPENED.part" && mv "$DRAWBRIDGE_E2E_OPENED.part" "$DRAWBRIDGE_E2E_OPENED"
