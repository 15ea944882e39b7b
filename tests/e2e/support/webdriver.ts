import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { outFolder } from './paths.ts';
import { freePort, start } from './processes.ts';
import { until } from './screens.ts';

/** Name under which WebDriver hands over an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
type Element = { [ELEMENT]: string };

/**
 * The application's own window, driven over WebDriver (the W3C protocol, of which this needs few calls).
 * An element is named by its test id, or by a CSS selector.
 */
export class Window {
  readonly #session: string;
  readonly #stop: () => Promise<void>;

  private constructor(session: string, stop: () => Promise<void>) {
    this.#session = session;
    this.#stop = stop;
  }

  /** Starts the application and waits for its window. */
  static async open(binary: string, args: string[]): Promise<Window> {
    const port = await freePort();
    const driver = start('WebKitWebDriver', [`--port=${port}`], {
      TAURI_AUTOMATION: 'true',
      TAURI_WEBVIEW_AUTOMATION: 'true',
    });
    try {
      const url = `http://127.0.0.1:${port}`;
      await until(
        () =>
          fetch(`${url}/status`).then(
            (response) => response.ok,
            () => false,
          ),
        Boolean,
      );
      const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args } } };
      const { sessionId } = await call<{ sessionId: string }>('POST', `${url}/session`, { capabilities });
      return new Window(`${url}/session/${sessionId}`, driver.stop);
    } catch (error) {
      await driver.stop();
      throw new Error(`the window did not open: ${(error as Error).message}\n${driver.log()}`);
    }
  }

  /** Closes the window and waits until application and driver are gone. */
  async close(): Promise<void> {
    await call('DELETE', this.#session).catch(() => {});
    await this.#stop();
  }

  /** Runs JavaScript in the page and gives what it returns. */
  run<T>(script: string, ...args: unknown[]): Promise<T> {
    return call<T>('POST', `${this.#session}/execute/sync`, { script, args });
  }

  /** The text of an element; `null` while there is none. The driver's own reading leaves some text out. */
  text(place: string): Promise<string | null> {
    return this.run('return document.querySelector(arguments[0])?.textContent ?? null', selector(place));
  }

  /** Waits for an element, and gives its text. */
  async appears(place: string, seconds = 30): Promise<string> {
    return (
      (await until(
        () => this.text(place),
        (text) => text !== null,
        seconds,
      )) ?? ''
    );
  }

  async click(place: string): Promise<void> {
    await this.appears(place);
    const element = await call<Element>('POST', `${this.#session}/element`, {
      using: 'css selector',
      value: selector(place),
    });
    await call('POST', `${this.#session}/element/${element[ELEMENT]}/click`, {});
  }

  /** Types a text into a field, in the place of what stands there. */
  async type(place: string, text: string): Promise<void> {
    await this.appears(place);
    await this.run(
      `const field = document.querySelector(arguments[0]);
       field.focus();
       Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, '');
       field.dispatchEvent(new Event('input', { bubbles: true }));`,
      selector(place),
    );
    const element = await call<Element>('POST', `${this.#session}/element`, {
      using: 'css selector',
      value: selector(place),
    });
    await call('POST', `${this.#session}/element/${element[ELEMENT]}/value`, { text });
  }

  /** Asks the backend through the window's own channel, as the page does. */
  ask<T>(command: string, request: object): Promise<T> {
    const script = `const [command, request, done] = arguments;
      window.__TAURI_INTERNALS__.invoke(command, { request }).then(done, (error) => done({ error }));`;
    return call<T>('POST', `${this.#session}/execute/async`, { script, args: [command, request] });
  }

  /** Takes a picture of the whole screen, once it stands still. The driver's own never comes without a window manager. */
  async shoot(name: string): Promise<void> {
    const pictures: Buffer[] = [];
    await until(async () => {
      pictures.push(await screen());
      const [one, other] = pictures.slice(-2);
      return pictures.length > 10 || (other !== undefined && one?.equals(other) === true);
    }, Boolean);
    writeFileSync(join(outFolder(), `${name}.png`), pictures.at(-1) ?? '');
  }
}

async function screen(): Promise<Buffer> {
  const without = ['-strip', '-define', 'png:exclude-chunk=date,time'];
  const options = { encoding: 'buffer', maxBuffer: 2 ** 25, timeout: 10_000 } as const;
  return (await promisify(execFile)('import', ['-window', 'root', ...without, 'png:-'], options)).stdout;
}

const selector = (place: string) => (/^[a-z-]+$/.test(place) ? `[data-testid="${place}"]` : place);

async function call<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${method} ${url}: ${value?.error}: ${value?.message}`);
  return value;
}
