import { describe, expect, it } from 'vitest';
import { checkName, checkUrl, loginUrl } from './fields';

describe('a connection’s name', () => {
  it('is needed and unique, whatever its case', () => {
    expect(checkName('  ', [])).toBe('Give the connection a name.');
    expect(checkName('fernhill uat', ['Fernhill UAT'])).toBe('Another connection has this name.');
    expect(checkName('Fernhill', ['Fernhill UAT'])).toBeNull();
  });
});

describe('an address', () => {
  it('may be empty or https, and http for this machine only', () => {
    for (const fine of [
      '',
      'https://api.alguna.io',
      'http://127.0.0.1:8080/v1',
      'http://localhost:1',
      'http://[::1]:9',
    ]) {
      expect(checkUrl(fine)).toBeNull();
    }
    expect(checkUrl('http://api.alguna.io')).toContain('Use https');
    expect(checkUrl('ftp://api.alguna.io')).toContain('https://');
    expect(checkUrl('api.alguna.io')).toContain('whole address');
  });

  it('may be pasted as a bare My Domain', () => {
    expect(loginUrl(' fernhill.my.salesforce.com ')).toBe('https://fernhill.my.salesforce.com');
    expect(loginUrl('http://127.0.0.1:80')).toBe('http://127.0.0.1:80');
    expect(loginUrl('')).toBeNull();
  });
});
