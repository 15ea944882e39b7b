#!/bin/sh
# Stands for a browser. As a real one does, it goes on in the background: `sf` listens once this has ended.
here=$(dirname "$0")
(sleep 0.3 && node "$here/../support/browser.mjs" "$1") >"$HOME/browser.log" 2>&1 &
