import { describe, expect, it } from 'vitest';
import { sharedFirstWord, shortLabels } from './heads';

describe('short labels', () => {
  it('leave out a first word that most share', () => {
    const labels = ['Alguna Customer ID', 'Alguna Tax Rate', 'Account Name', 'Alguna Subscription Status'];
    expect(sharedFirstWord(labels)).toBe('Alguna');
    expect(shortLabels(labels)).toEqual(['Customer ID', 'Tax Rate', 'Account Name', 'Subscription Status']);
  });

  it('stay whole when no word is shared, or a label would be empty', () => {
    expect(shortLabels(['Status', 'Interval', 'Value'])).toEqual(['Status', 'Interval', 'Value']);
    expect(shortLabels(['Status', 'Status A', 'Status B'])).toEqual(['Status', 'A', 'B']);
  });
});
