import { describe, expect, it } from 'vitest';
import { withSources } from '../../../../electron/backup/logs/sources.ts';
import { countsIn } from '../../../../electron/services/settings/recorder-sources.ts';
import type { Setting } from '../../../../shared/domain/change.ts';
import { recorder } from './fixture.ts';

const NAMED = recorder(3);
const COUNTS = { counts: new Map([['Revenue Log', 5]]) };

describe('sources that DLMS does not export', () => {
  it('are those of the recorder with the same label, less the columns', () => {
    expect(withSources(NAMED, COUNTS)).toEqual({ ...NAMED, columnsNotExported: 2 });
    expect(withSources(recorder(5), COUNTS).columnsNotExported).toBe(0);
  });

  it('a status column is none of them, and there are never fewer than none', () => {
    const [first, ...rest] = NAMED.columns;
    if (first === undefined) throw new Error('There are columns.');
    const status = { ...NAMED, columns: [{ ...first, id: '0-0:96.10.7*255/2' }, ...rest] };
    expect(withSources(status, COUNTS).columnsNotExported).toBe(3);
    expect(withSources(recorder(9), COUNTS).columnsNotExported).toBe(0);
  });

  it('are not known without a name, without the label, or without the registers, and the reason is said', () => {
    const nameless = withSources({ ...NAMED, name: null }, COUNTS);
    expect(nameless).toMatchObject({ columnsNotExported: null, sourcesUnknown: expect.stringMatching(/no names/) });
    const other = withSources({ ...NAMED, name: 'Another' }, COUNTS);
    expect(other.sourcesUnknown).toContain('"Another"');
    expect(withSources(NAMED, { because: 'No map.' })).toEqual({ ...NAMED, sourcesUnknown: 'No map.' });
  });

  it('are no matter of an event log', () => {
    const events = { ...NAMED, kind: 'events' as const };
    expect(withSources(events, { because: 'No map.' })).toBe(events);
  });
});

describe('the sources of data recorders in their settings', () => {
  const setting = (id: string, value: Setting['value'], because?: string): Setting => ({
    ...{ id, area: 'recorders', label: id, value },
    ...(because === undefined ? {} : { because }),
  });

  it('are counted by label; labels that two have, or whose sources are unread, join nothing', () => {
    const found = countsIn([
      setting('1.name', 'Revenue Log'),
      setting('1.sources', 'kWh del\nkWh rec'),
      setting('2.name', 'Empty'),
      setting('2.sources', ''),
      setting('3.name', 'Twin'),
      setting('3.sources', 'a'),
      setting('4.name', 'Twin'),
      setting('4.sources', 'b'),
      setting('5.name', 'Dark'),
      setting('5.sources', 'unread', 'It is not mapped.'),
      setting('6.name', ''),
      setting('6.sources', 'a'),
    ]);
    expect(found).toEqual({
      counts: new Map([
        ['Revenue Log', 2],
        ['Empty', 0],
      ]),
    });
  });

  it('tell the reason where none can be counted', () => {
    const dark = [setting('1.name', 'Log'), setting('1.sources', 'unread', 'Row holds a code.')];
    expect(countsIn(dark)).toEqual({ because: 'Row holds a code.' });
    expect(countsIn([])).toHaveProperty('because');
  });
});
