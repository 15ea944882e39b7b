// The server's own side of the story, asked without any client: so that a client that silently did nothing fails.
import assert from 'node:assert/strict';
import { simulated } from './checks.mjs';

const VERSION = 'v64.0';

/** One simulated org. */
export class Org {
  constructor(credentials) {
    Object.assign(this, {
      url: credentials.instance_url,
      token: credentials.access_token,
      username: credentials.username,
      password: credentials.password,
      id: credentials.org_id,
    });
  }

  async #json(path, options = {}) {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
    const answer = await fetch(this.url + path, { headers, ...options });
    const text = await answer.text();
    assert.ok(answer.ok, `${path}: ${answer.status} ${text.slice(0, 500)}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** All rows of a query, without `attributes`. */
  async rows(soql) {
    const rows = [];
    let next = `/services/data/${VERSION}/query?q=${encodeURIComponent(soql)}`;
    while (next) {
      const page = await this.#json(next);
      rows.push(...page.records);
      next = page.nextRecordsUrl;
    }
    return rows.map(({ attributes, ...row }) => row);
  }

  /** What `SELECT COUNT() FROM …` says. */
  async count(from) {
    const page = await this.#json(
      `/services/data/${VERSION}/query?q=${encodeURIComponent(`SELECT COUNT() FROM ${from}`)}`,
    );
    return page.totalSize;
  }

  /** What the server holds, in numbers. */
  state() {
    return this.#json('/sim/state');
  }

  /** Custom fields of the org whose name starts so, as `Account.X__c`, each with whether the user sees it. */
  async customFields(start) {
    const { custom_fields: all } = await this.state();
    return Object.fromEntries(
      all.filter(({ field }) => field.startsWith(start)).map(({ field, visible }) => [field, visible]),
    );
  }

  /** Names of permission sets that start so. */
  async permissionSets(start) {
    const rows = await this.rows(`SELECT Name FROM PermissionSet WHERE Name LIKE '${start}%'`);
    return rows.map((row) => row.Name);
  }

  /** How often this org was asked something since start, by what a logged request fulfils. */
  async asked(matches) {
    const { url } = this;
    const answer = await fetch(`${url}/sim/log`);
    const log = await answer.json();
    const requests = Array.isArray(log) ? log : log.requests;
    const server = simulated.credentials.sandbox.instance_url === url ? 'salesforce_sandbox' : 'salesforce_production';
    return requests.filter((request) => request.server === server && matches(request)).length;
  }
}

export const sandbox = new Org(simulated.credentials.sandbox);
export const production = new Org(simulated.credentials.production);

/** The fields of `package/fields`, as `/sim/state` names them. */
export const FIELDS = ['Active', 'Amount', 'Group', 'Key', 'Since'].map((name) => `Account.Conformance_${name}__c`);
