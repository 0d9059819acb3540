import { expect, it } from 'vitest';
import { guideOf } from './guide.ts';
import { configSchema, settings } from './settings.ts';

it('the guide has every setting', async () => {
  await expect(guideOf(settings())).toMatchFileSnapshot('../../../../docs/operate/configuration.md');
});

it('the published schema is the one that is checked against', async () => {
  const text = `${JSON.stringify(configSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../parcours.config.schema.json');
});

it('every setting says what it is for, and no two have one name', () => {
  const all = settings();
  expect(all.filter(({ meaning }) => meaning.length < 10).map(({ key }) => key)).toEqual([]);
  for (const names of [all.flatMap(({ variables }) => variables), all.flatMap(({ flag }) => flag ?? [])]) {
    expect(new Set(names).size).toBe(names.length);
  }
});
