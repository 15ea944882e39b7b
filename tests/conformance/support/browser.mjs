#!/usr/bin/env node
// The person in the browser: opens the authorize address, presses Allow, and follows the redirect.
// As a program it takes the address as its argument, so that `BROWSER` can name it.
import { fileURLToPath } from 'node:url';

/** Presses Allow and gives the address the org sends the browser back to. */
export async function allow(authorizeUrl) {
  const page = await fetch(authorizeUrl, { redirect: 'manual' });
  const html = await page.text();
  const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1];
  const ticket = /name="ticket" value="([^"]+)"/.exec(html)?.[1];
  if (!action || !ticket)
    throw new Error(`no approval page (${page.status}): ${html.replace(/<style>.*<\/style>/s, '')}`);
  const answer = await fetch(new URL(action, authorizeUrl), {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ticket, decision: 'allow' }).toString(),
  });
  const location = answer.headers.get('location');
  if (!location) throw new Error(`no redirect (${answer.status})`);
  return location;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const answer = await fetch(await allow(process.argv[2]));
  if (!answer.ok) throw new Error(`the listener answered ${answer.status}`);
}
