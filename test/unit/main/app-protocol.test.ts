import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFile, bundleResponse, isBundleUrl } from '../../../electron/main/guards/app-protocol.ts';

let parent: string;
let root: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'meterwright-bundle-'));
  root = join(parent, 'bundle');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<p>page</p>');
  writeFileSync(join(root, 'assets', 'a-1.js'), 'run()');
  writeFileSync(join(parent, 'secret.txt'), 'secret');
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const get = (url: string, method = 'GET') => bundleResponse(root, { url, method });

describe('the scheme of the bundle', () => {
  it('serves the page and what belongs to it, with their types and the policy', async () => {
    for (const url of ['app://bundle/', 'app://bundle/index.html', 'app://bundle/index.html?x#y']) {
      const response = await get(url);
      expect(response.status).toBe(200);
      expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('Content-Security-Policy')).toContain("script-src 'self'");
      expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(await response.text()).toBe('<p>page</p>');
    }
    expect((await get('app://bundle/assets/a-1.js')).headers.get('Content-Type')).toBe(
      'text/javascript; charset=utf-8',
    );
  });

  it.each([
    'app://bundle/../secret.txt',
    'app://bundle/..%2fsecret.txt',
    'app://bundle/%2e%2e/secret.txt',
    'app://bundle/%2e%2e%5csecret.txt',
    'app://bundle/assets/..%5c..%5c..%5csecret.txt',
    'app://bundle/assets%00.js',
    'app://bundle//secret.txt',
    'app://bundle/C:/secret.txt',
    'app://bundle/index.html::$DATA',
    'app://bundle/%',
    'app://bundle/assets',
    'app://bundle/assets/',
    'app://bundle/missing.js',
    'app://other/index.html',
    'app://bundle:80/index.html',
    'file:///etc/passwd',
    'nonsense',
    '',
  ])('answers 404 to %s', async (url) => {
    expect((await get(url)).status).toBe(404);
  });

  it('answers to nothing but GET', async () => {
    expect((await get('app://bundle/index.html', 'POST')).status).toBe(405);
  });

  it('never leaves the bundle and never throws, whatever is asked', async () => {
    const pieces = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2f',
      '%5c',
      '\\',
      '/',
      '%00',
      'C:',
      'assets',
      'a-1.js',
      'secret.txt',
      '%',
      ' ',
    );
    const path = fc.oneof(
      fc.array(pieces, { maxLength: 8 }).map((all) => all.join('/')),
      fc.array(pieces, { maxLength: 8 }).map((all) => all.join('')),
      fc.webPath(),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(path, async (text) => {
        const url = `app://bundle/${text}`;
        const file = bundleFile(root, url);
        if (file !== undefined) expect(file.startsWith(root + sep)).toBe(true);
        const response = await get(url);
        expect([200, 404]).toContain(response.status);
        expect(await response.text()).not.toContain('secret');
      }),
    );
  });

  it('knows its own addresses', () => {
    expect(isBundleUrl('app://bundle/index.html')).toBe(true);
    for (const url of [
      'app://bundle.evil/',
      'https://bundle/',
      'app://evil/bundle',
      'data:text/html,app://bundle/',
      '',
    ]) {
      expect(isBundleUrl(url), url).toBe(false);
    }
  });
});
