import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { click, observe } from '../testing/observe.ts';
import { errorClicks } from './error_clicks.ts';
import { errors } from './errors.ts';

const fail = (message: string, init: ErrorEventInit = {}): void => {
  window.dispatchEvent(
    new ErrorEvent('error', { message: `Uncaught ${message}`, error: new TypeError(message), ...init }),
  );
};
const reject = (reason: unknown): void => {
  window.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason }));
};

let seen: ReturnType<typeof observe>['seen'];
let stop: () => void;

beforeEach(() => {
  history.replaceState({}, '', '/a');
});
afterEach(() => stop());

describe('errors', () => {
  beforeEach(() => {
    ({ seen, stop } = observe(errors));
  });

  it('are told with message, name and place', () => {
    fail('x is not a function', { filename: 'https://shop.example/app.js?v=1#x', lineno: 12, colno: 7 });
    expect(seen).toEqual([
      [
        'error',
        {
          message: 'x is not a function',
          name: 'TypeError',
          script: 'https://shop.example/app.js',
          line: 12,
          column: 7,
        },
      ],
    ]);
  });

  it.each([
    ['an error', new RangeError('too far'), { message: 'too far', name: 'RangeError' }],
    ['a text', 'no', { message: 'no', name: undefined }],
    ['nothing', undefined, { message: 'undefined' }],
    ['an object', { code: 7 }, { message: '[object Object]' }],
  ])('are also rejections that nobody caught, of %s', (_name, reason, expected) => {
    reject(reason);
    expect(seen).toMatchObject([['error', expected]]);
  });

  it.each([
    ['e-mail addresses', 'no user jane@mail.example', 'no user [email]'],
    ['queries', 'GET https://shop.example/a?token=1&b=2 failed', 'GET https://shop.example/a failed'],
    ['more than 300 characters', 'x'.repeat(400), 'x'.repeat(300)],
  ])('are told without %s', (_name, message, expected) => {
    fail(message);
    expect(seen[0]?.[1]?.message).toBe(expected);
  });

  it('are told once a message and ten times a page, and anew on the next', () => {
    for (let index = 0; index < 30; index++) fail(`e${index % 15}`);
    expect(seen).toHaveLength(10);
    history.replaceState({}, '', '/b');
    fail('e0');
    expect(seen).toHaveLength(11);
  });

  it('are told once of scripts that another origin hides', () => {
    for (let index = 0; index < 2; index++) fail('', { message: 'Script error.', error: null });
    expect(seen).toEqual([['error', expect.objectContaining({ message: 'Script error.', script: undefined })]]);
  });

  it.each<[string, () => void]>([
    [
      'a picture that failed',
      () => {
        document.body.innerHTML = '<img>';
        document.querySelector('img')!.dispatchEvent(new Event('error'));
      },
    ],
    ['notices of the browser', () => fail('', { message: 'ResizeObserver loop limit exceeded', error: null })],
    ['extensions', () => fail('x', { filename: 'chrome-extension://abc/x.js' })],
    ['what cannot be said', () => reject({ toString: () => Object.create(null) })],
    [
      'what throws when it is read',
      () =>
        reject(
          Object.defineProperty({}, 'message', {
            get: () => {
              throw new Error('no');
            },
          }),
        ),
    ],
  ])('are not %s', (_name, happen) => {
    expect(happen).not.toThrow();
    expect(seen).toEqual([]);
  });

  it('are not told after the stop', () => {
    stop();
    fail('x');
    expect(seen).toEqual([]);
  });
});

describe('error clicks', () => {
  /** So many ms after a click on `#t`. */
  const failAfter = (ms: number): void => {
    click('#t');
    const now = performance.now();
    performance.now = () => now + ms;
    fail('pay is not a function');
  };
  const { now } = performance;

  beforeEach(() => {
    document.body.innerHTML = '<main><button id="t"><i></i></button></main>';
    ({ seen, stop } = observe(errorClicks));
  });
  afterEach(() => {
    performance.now = now;
  });

  it('are clicks with an error within a second', () => {
    failAfter(900);
    expect(seen).toEqual([['error_click', { element: 'main > button#t', message: 'pay is not a function' }]]);
  });

  it('are none with an error later than that', () => {
    failAfter(1_001);
    expect(seen).toEqual([]);
  });

  it('are told once, with the first error', () => {
    failAfter(1);
    fail('another');
    reject('a third');
    expect(seen).toHaveLength(1);
  });

  it('are none without a click', () => {
    fail('x');
    expect(seen).toEqual([]);
  });

  it('are none where clicks are to be ignored', () => {
    document.body.innerHTML = '<div data-pc-ignore><button id="t"></button></div>';
    failAfter(1);
    expect(seen).toEqual([]);
  });
});
