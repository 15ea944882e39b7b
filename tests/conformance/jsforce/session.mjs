// Signing in, an expired session, signing out.
import assert from 'node:assert/strict';
import jsforce from 'jsforce';
import { allow } from '../support/browser.mjs';
import { simulated } from '../support/checks.mjs';
import { sandbox } from '../support/org.mjs';

const { client_id: clientId, redirect_uris: redirectUris } = simulated.credentials;
const oauth2 = () =>
  new jsforce.OAuth2({ loginUrl: sandbox.url, clientId, redirectUri: redirectUris[0], useVerifier: true });
const isTokenCall = (request) => request.method === 'POST' && request.path.endsWith('/oauth2/token');

/** Signs in as the person in the browser would. */
async function signedIn() {
  const client = oauth2();
  const back = new URL(await allow(client.getAuthorizationUrl({ scope: 'api refresh_token', state: 'x1' })));
  assert.equal(back.searchParams.get('state'), 'x1');
  const connection = new jsforce.Connection({ oauth2: client, version: '67.0', logLevel: 'NONE' });
  const user = await connection.authorize(back.searchParams.get('code'));
  return { connection, user };
}

export async function run(checks, connect) {
  await checks.check('sign in by authorization code with PKCE', async () => {
    const { connection, user } = await signedIn();
    assert.equal(user.organizationId, sandbox.id);
    assert.equal(connection.instanceUrl, sandbox.url);
    assert.notEqual(connection.accessToken, sandbox.token);
    assert.equal((await connection.identity()).username, sandbox.username);
  });

  await checks.check('an ended session is renewed by the refresh token, once', async () => {
    const { connection } = await signedIn();
    const { accessToken, refreshToken } = connection;
    await connection.oauth2.revokeToken(accessToken);
    const refreshed = [];
    connection.on('refresh', (token, answer) => refreshed.push([token, answer.refresh_token]));
    const before = await sandbox.asked(isTokenCall);
    const found = await connection.query('SELECT Id FROM Account LIMIT 1');
    assert.equal(found.records.length, 1);
    assert.equal(refreshed.length, 1);
    assert.equal(await sandbox.asked(isTokenCall), before + 1);
    assert.notEqual(connection.accessToken, accessToken);
    // The org rotates refresh tokens; jsforce keeps the old one, which is dead now.
    assert.notEqual(refreshed[0][1], refreshToken);
    assert.equal(connection.refreshToken, refreshToken);
    await connection.oauth2.revokeToken(connection.accessToken);
    await assert.rejects(
      connection.query('SELECT Id FROM Account LIMIT 1'),
      /Unable to refresh session due to: expired access\/refresh token/,
    );
  });

  await checks.check('a session nobody can renew: INVALID_SESSION_ID', async () => {
    const connection = connect({ ...sandbox, token: `${sandbox.id.slice(0, 15)}!gone` });
    await assert.rejects(connection.query('SELECT Id FROM Account'), {
      errorCode: 'INVALID_SESSION_ID',
      message: 'Session expired or invalid',
    });
  });

  await checks.check('sign out revokes the session', async () => {
    const { connection } = await signedIn();
    const { accessToken: token } = connection;
    await connection.logout();
    await assert.rejects(connect({ ...sandbox, token }).query('SELECT Id FROM Account'), {
      errorCode: 'INVALID_SESSION_ID',
    });
  });

  await checks.check('SOAP login at 64.0, and sign out', async () => {
    const connection = new jsforce.Connection({ loginUrl: sandbox.url, version: '64.0', logLevel: 'NONE' });
    const user = await connection.login(sandbox.username, sandbox.password);
    assert.equal(user.organizationId, sandbox.id);
    assert.equal(connection.instanceUrl, sandbox.url);
    assert.equal((await connection.identity()).username, sandbox.username);
    const { accessToken: token } = connection;
    await connection.logout();
    await assert.rejects(connect({ ...sandbox, token }).query('SELECT Id FROM Account'), {
      errorCode: 'INVALID_SESSION_ID',
    });
  });

  await checks.check('SOAP login refused: wrong password, and from 65.0 on', async () => {
    const login = (version, password) =>
      new jsforce.Connection({ loginUrl: sandbox.url, version, logLevel: 'NONE' }).login(sandbox.username, password);
    await assert.rejects(
      login('64.0', 'wrong'),
      /INVALID_LOGIN: Invalid username, password, security token; or user locked out\./,
    );
    await assert.rejects(login('65.0', sandbox.password), /UNSUPPORTED_API_VERSION/);
  });

  await checks.check('the same over https', async () => {
    const connection = connect(sandbox, sandbox.url.replace('http:', 'https:'));
    const me = await connection.identity();
    assert.equal(me.username, sandbox.username);
    assert.match(me.urls.custom_domain, /^https:/);
    assert.ok((await connection.query('SELECT Id FROM Account LIMIT 1')).records.length === 1);
  });
}
