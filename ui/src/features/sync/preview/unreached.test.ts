import { describe, expect, it } from 'vitest';
import { orgConnection, syncOf } from '../shared/testData';
import { andNothingWritten, unreachedSide } from './unreached';

const at = (id: number, host: string) => orgConnection({ id, host, base_url: `http://${host}`, org: null });
const both = [at(1, '127.0.0.1:4100'), at(2, '127.0.0.1:41009')];

describe('the side that cannot be reached', () => {
  it('has the name people gave it', () => {
    const said = (host: string) => unreachedSide(`${host} cannot be reached: refused.`, syncOf(), both);
    expect(said('127.0.0.1:41009')).toBe('Fernhill UAT (SANDBOX)');
    expect(said('127.0.0.1:4100')).toBe('Alguna');
    expect(said('elsewhere.example')).toBeNull();
  });

  it('is nobody where the error tells of something else', () => {
    expect(unreachedSide('127.0.0.1:41009 refused the key.', syncOf(), both)).toBeNull();
  });

  it('says once that nothing was written', () => {
    expect(andNothingWritten('It was busy')).toBe('It was busy. Nothing was written.');
    expect(andNothingWritten('Refused. Nothing was written.')).toBe('Refused. Nothing was written.');
  });
});
