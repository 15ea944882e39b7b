import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { built } from '../support/paths.ts';
import { freshFolder } from '../support/processes.ts';
import { figureIn, OUTCOMES, until } from '../support/screens.ts';
import { Window } from '../support/webdriver.ts';

/** A newcomer gets to a finished run in less than this. */
const SECONDS_TO_FIRST_RUN = 120;

let window: Window;
let began: number;

beforeAll(async () => {
  began = Date.now();
  window = await Window.open(built('drawbridge'), ['--data-dir', freshFolder()]);
});

afterAll(() => window?.close());

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await window?.shoot('window-failed').catch(() => {});
});

const BAND = '[role="status"][aria-label="Environment"]';
const figure = async (place: string) => figureIn(await window.text(place));

describe('the window at its first start', () => {
  it('welcomes, and starts the demo', async () => {
    await until(
      () => window.text('main h1'),
      (text) => text === 'Welcome to Drawbridge',
    );
    await window.run(`window.complaints = [];
      addEventListener('securitypolicyviolation', (event) => complaints.push(event.violatedDirective + ' ' + event.blockedURI));
      addEventListener('error', (event) => complaints.push(event.message));
      addEventListener('unhandledrejection', (event) => complaints.push(String(event.reason)));`);
    await window.shoot('window-welcome');
    await window.click('section[aria-labelledby="way-demo"] button');
    expect(await window.appears('fields-deploy', 60)).toBe('Create 13 fields in Fernhill UAT (SANDBOX)');
  });

  it('names the environment in a word', async () => {
    const band = await window.appears(BAND);
    expect(band).toContain('SANDBOX');
    expect(band).toContain('Fernhill UAT');
    // What is beside the org is seen, and not read aloud each time it changes.
    expect(band.includes('ana.ruiz')).toBe(false);
    expect(await window.appears('band')).toContain('ana.ruiz@fernhill.com.uat');
  });

  it('creates the fields', async () => {
    await window.click('fields-deploy');
    const proof = await window.appears('[data-testid="fields-proof"][data-ready]', 60);
    expect(proof).toContain('13 of 13 exist and can be edited');
    await window.shoot('window-fields');
  });

  it('previews', async () => {
    await window.click('main a[href$="/preview"]');
    await window.click('preview-start');
    expect(await window.appears('preview-write', 60)).toMatch(/^Write \d+ records to Fernhill UAT \(SANDBOX\)$/);
    await window.appears('main [role="grid"] [role="gridcell"]');
    await window.shoot('window-preview');
  });

  it('runs, and the run adds up', async () => {
    const toWrite = await figure('preview-write');
    // The customers of the demo pay in several currencies.
    await window.click('halt-currencies-mixed');
    await window.click('preview-write');
    await window.appears('[data-testid="run-status"][data-status="finished"]', 60);
    await window.appears('[data-testid="equation"][data-balance="right"]');
    const seconds = (Date.now() - began) / 1000;
    console.log(`from the start of the program to a finished run: ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(SECONDS_TO_FIRST_RUN);
    const counts = await Promise.all(OUTCOMES.map((one) => figure(`count-${one}`)));
    const sum = counts.reduce((all, one) => all + one, 0);
    expect(await window.text('equation-sum')).toContain('Adds up');
    expect(await figure('equation-sum')).toBe(sum);
    const [created = 0, updated = 0, , , , rejected = 0] = counts;
    expect(created + updated + rejected).toBe(toWrite);
    await until(
      () => window.text('main [role="gridcell"]'),
      (text) => text !== null,
    );
    await window.shoot('window-run');
  });

  it('met no error and nothing its policy refuses', async () => {
    expect(await window.run('return window.complaints')).toEqual([]);
  });
});
