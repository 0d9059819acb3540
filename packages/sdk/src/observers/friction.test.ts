import { RECORDS } from '@parcours/protocol/schema';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { click, observe } from '../testing/observe.ts';
import { pass } from '../testing/page.ts';
import { clicks } from './clicks.ts';
import { errors } from './errors.ts';
import { friction } from './friction.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('records all signs of friction, each as the protocol has it', async () => {
  document.body.innerHTML = '<main><button type="button" id="t">Pay</button></main>';
  const { seen, stop } = observe((context) => {
    for (const start of [clicks, friction, errors]) start(context);
  });
  for (let index = 0; index < 3; index++) click('#t');
  window.dispatchEvent(new ErrorEvent('error', { message: 'no', error: new Error('no') }));
  await pass(5_000);
  window.dispatchEvent(new Event('pagehide'));
  await pass(10);
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  stop();
  expect(seen.map(([type]) => type)).toEqual([
    'click',
    'error_click',
    'error',
    'rage_click',
    'dead_click',
    'quick_back',
  ]);
  for (const [type, props] of seen) {
    const record = RECORDS.find((record) => record.type === type)!;
    expect(Object.keys(record.props.parse(props) as object), type).toEqual(Object.keys(props!));
    // Loose schemas let unknown fields through: a field that no record has would be a misspelling.
    const known = Object.keys((record.props as unknown as { shape: object }).shape);
    expect(known, type).toEqual(expect.arrayContaining(Object.keys(props!)));
  }
});
