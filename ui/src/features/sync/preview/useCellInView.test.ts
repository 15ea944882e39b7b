import { describe, expect, it } from 'vitest';
import { leftFor } from './useCellInView';

const pane = { scrollLeft: 0, clientWidth: 900, fixed: 310 };

describe("the cursor's column", () => {
  it('stays where it is seen', () => {
    expect(leftFor(pane, 310, 120)).toBe(0);
    expect(leftFor({ ...pane, scrollLeft: 200 }, 600, 120)).toBe(200);
  });

  it('comes in from the right', () => {
    expect(leftFor(pane, 1000, 120)).toBe(220);
  });

  it('comes out from under the columns that stay', () => {
    expect(leftFor({ ...pane, scrollLeft: 500 }, 700, 120)).toBe(390);
    expect(leftFor({ ...pane, scrollLeft: 500 }, 310, 120)).toBe(0);
  });

  it('shows its beginning where it is wider than the room', () => {
    expect(leftFor({ ...pane, clientWidth: 400 }, 700, 120)).toBe(390);
  });
});
