import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealedJson } from '../../../electron/inventory/sealed-json.ts';
import { readFirstPicture, withFirstPicture } from '../../../electron/main/first-picture.ts';
import { newestFirmware } from '../../../electron/meter/newest-firmware.ts';

const HTML = '<!doctype html><html><body><div id="root"></div></body></html>\n';

describe('the first picture', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'meterwright-picture-'));
    file = join(folder, 'meters.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is the list as it was written, and the newest firmware', () => {
    const list = { format: 'meterwright-meters/1', meters: [{ id: 'a' }] };
    writeFileSync(file, sealedJson(list));
    const picture = readFirstPicture(file);
    expect(JSON.parse(picture ?? '')).toMatchObject({ newestFirmware: newestFirmware(), list });
  });

  it('is left to the engine where the list is not there, was written by others, or is long', () => {
    expect(readFirstPicture(file)).toBeUndefined();
    expect(readFirstPicture(folder)).toBeUndefined();
    writeFileSync(file, '{"format":"meterwright-meters/1","meters":[]}');
    expect(readFirstPicture(file)).toBeUndefined();
    writeFileSync(file, sealedJson({ text: 'x'.repeat(1024 * 1024) }));
    expect(readFirstPicture(file)).toBeUndefined();
  });

  it('stands in the document as data that nothing in it can end', () => {
    const hostile = fc.constantFrom('</script>', '<!--', '<script>', '</body>', '$&', '\u2028', '\\');
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, fc.string())), (words) => {
        const html = withFirstPicture(HTML, JSON.stringify({ words }));
        const [, block = '', rest] =
          /^.*?<script type="application\/json" id="first-picture">([^<]*)<\/script>(.*)$/s.exec(html) ?? [];
        expect(rest).toBe('</body></html>\n');
        expect(JSON.parse(block)).toEqual({ words });
      }),
    );
  });
});
