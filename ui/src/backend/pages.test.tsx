import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderWith, testBackend } from '@/testing';
import type { OutcomeRowView } from './bindings';
import { type Pages, usePages } from './pages';

let pages: Pages<'run_outcomes'>;

function Probe({ search }: { search: string }) {
  pages = usePages('run_outcomes', { run: 1, outcome: null, search }, { pageSize: 10 });
  return <p>{pages.totalRows}</p>;
}

describe('usePages', () => {
  it('reads the pages on screen and their neighbours, and no others', async () => {
    const offsets: number[] = [];
    const backend = testBackend({
      run_outcomes: ({ offset, limit }) => {
        offsets.push(offset);
        const rows = Array.from({ length: limit }, (_, at) => ({ customer: `c${offset + at}` }) as OutcomeRowView);
        return { rows, total: 1000 };
      },
    });
    renderWith(<Probe search="" />, backend);
    await screen.findByText('1000');
    expect(pages.getRow(3)?.customer).toBe('c3');
    expect(pages.getRow(505)).toBeUndefined();

    act(() => pages.onRange(500, 512));
    await waitFor(() => {
      expect(pages.getRow(505)?.customer).toBe('c505');
      expect(pages.getRow(495)?.customer).toBe('c495');
    });
    expect([...new Set(offsets)].sort((a, b) => a - b)).toEqual([0, 10, 490, 500, 510, 520]);
  });

  it('gives the error of a page', async () => {
    const backend = testBackend({});
    renderWith(<Probe search="x" />, backend);
    await waitFor(() => expect(pages.error?.message).toContain('run_outcomes'));
  });
});
