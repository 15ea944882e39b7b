import type { YardstickView } from '@/backend';

/** The yardsticks in words, in the order people read them. */
export const YARDSTICKS: ReadonlyArray<{ value: YardstickView; label: string }> = [
  { value: 'status', label: 'Status: active first, ended last' },
  { value: 'latest_start', label: 'Latest start' },
  { value: 'earliest_start', label: 'Earliest start' },
  { value: 'highest_value', label: 'Highest monthly value' },
];

/** The rule with another yardstick, or none, at a place; none twice, and none after an end. */
export function withYardstick(
  rule: ReadonlyArray<YardstickView>,
  place: number,
  yardstick: YardstickView | null,
): Array<YardstickView> {
  const before = rule.slice(0, place);
  if (yardstick === null) {
    return before;
  }
  const after = rule.slice(place + 1).filter((one) => one !== yardstick);
  return [...before.filter((one) => one !== yardstick), yardstick, ...after];
}

/** What may stand at a place: whatever does not stand before it. */
export function choicesAt(rule: ReadonlyArray<YardstickView>, place: number) {
  return YARDSTICKS.filter((one) => !rule.slice(0, place).includes(one.value));
}
