import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Cell, DateText, Money } from './Figures';

describe('Cell', () => {
  it('writes blank out, and tells it from not known', () => {
    render(
      <>
        <Cell cell={{ kind: 'blank', text: '' }} />
        <Cell cell={null} />
      </>,
    );
    expect(screen.getByText('blank')).toBeTruthy();
    expect(screen.getByText('not known')).toBeTruthy();
  });

  it.each([
    ['money', '38400', '38,400.00'],
    ['number', '12.5', '12.5'],
    ['date', '2027-03-01', '1 Mar 2027'],
    ['flag', 'true', 'Yes'],
    ['text', '<b>Growth</b>', '<b>Growth</b>'],
  ] as const)('%s %s reads %s', (kind, text, read) => {
    const { container } = render(<Cell cell={{ kind, text }} />);
    expect(container.textContent).toBe(read);
  });
});

describe('Money and DateText', () => {
  it('put the currency after the amount', () => {
    const { container } = render(<Money amount="1450" currency="USD" />);
    expect(container.textContent).toBe('1,450.00USD');
  });

  it('keep the machine’s date', () => {
    const { container } = render(<DateText value="2027-03-01" />);
    expect(container.querySelector('time')?.getAttribute('datetime')).toBe('2027-03-01');
  });
});
