import { describe, expect, it, vi } from 'vitest';
import { developmentUrl } from '../../../electron/main/development.ts';
import { CONTENT_SECURITY_POLICY } from '../../../electron/main/guards/csp.ts';
import { type GuardedContents, guardNavigation, isAllowedRequest } from '../../../electron/main/guards/navigation.ts';
import { denyPermissions } from '../../../electron/main/guards/permissions.ts';
import { safeExternal, vendorUrl } from '../../../electron/main/vendor-pages.ts';
import { menuTemplate } from '../../../electron/main/window/menu.ts';
import { windowOptions } from '../../../electron/main/window/options.ts';
import { VENDOR_PAGES, type VendorPage } from '../../../shared/contract/shell/shell.ts';

describe('what the page may do', () => {
  it('is nothing: sandboxed, isolated, without Node, without webviews', () => {
    const { webPreferences } = windowOptions('/preload.js', false);
    expect(webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      experimentalFeatures: false,
    });
  });

  it('is bounded by a policy without eval and without other hosts', () => {
    expect(CONTENT_SECURITY_POLICY).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  it('needs no permission: requests, checks and devices are denied', () => {
    const handlers: {
      request?: (c: unknown, p: string, done: (granted: boolean) => void) => void;
      check?: () => boolean;
      device?: () => boolean;
    } = {};
    denyPermissions({
      setPermissionRequestHandler: (handler) => {
        handlers.request = handler;
      },
      setPermissionCheckHandler: (handler) => {
        handlers.check = handler;
      },
      setDevicePermissionHandler: (handler) => {
        handlers.device = handler;
      },
    });
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'usb', 'openExternal']) {
      const answered = vi.fn();
      handlers.request?.({}, permission, answered);
      expect(answered.mock.calls).toEqual([[false]]);
    }
    expect(handlers.check?.()).toBe(false);
    expect(handlers.device?.()).toBe(false);
  });

  it('is to stay where it is: no navigation, redirect, webview or window', () => {
    const listeners = new Map<string, (event: { preventDefault(): void }, url: string) => void>();
    let opened: { action: string } | undefined;
    const contents = {
      on: (event: string, listener: (event: { preventDefault(): void }, url: string) => void) =>
        listeners.set(event, listener),
      setWindowOpenHandler: (handler: () => { action: string }) => {
        opened = handler();
      },
    } as unknown as GuardedContents;
    guardNavigation(contents, (url) => url.startsWith('app://bundle/'));
    const goes = (event: string, url: string): boolean => {
      const prevent = vi.fn();
      listeners.get(event)?.({ preventDefault: prevent }, url);
      return prevent.mock.calls.length === 0;
    };
    expect(goes('will-navigate', 'app://bundle/index.html')).toBe(true);
    for (const url of [
      'https://www.se.com/',
      'file:///etc/passwd',
      'app://other/',
      'data:text/html,x',
      'javascript:0',
    ]) {
      expect(goes('will-navigate', url), url).toBe(false);
      expect(goes('will-redirect', url), url).toBe(false);
    }
    expect(goes('will-attach-webview', 'app://bundle/index.html')).toBe(false);
    expect(opened).toEqual({ action: 'deny' });
  });

  it('loads nothing from anywhere else', () => {
    const dev = new URL('http://localhost:5173/');
    for (const url of ['app://bundle/index.html', 'data:image/png;base64,AA', 'blob:app://bundle/1']) {
      expect(isAllowedRequest(url, undefined), url).toBe(true);
    }
    for (const url of ['http://localhost:5173/main.tsx', 'ws://localhost:5173/', 'devtools://devtools/x']) {
      expect(isAllowedRequest(url, dev), url).toBe(true);
      expect(isAllowedRequest(url, undefined), url).toBe(false);
    }
    for (const url of [
      'https://localhost:5173/',
      'http://localhost:5174/',
      'http://evil/',
      'https://www.se.com/',
      'file:///etc/passwd',
      'app://evil/',
      'ftp://x/',
    ]) {
      expect(isAllowedRequest(url, dev), url).toBe(false);
    }
  });

  it('is opened in the browser only where the list says so', () => {
    for (const page of Object.keys(VENDOR_PAGES) as VendorPage[])
      expect(vendorUrl(page)).toBe(new URL(VENDOR_PAGES[page]).href);
    for (const url of [
      'http://www.se.com/',
      'https://www.se.com.evil.example/',
      'https://www.se.com@evil.example/',
      'https://user:pw@www.se.com/',
      'https://www.se.com:8443/',
      'https://evil.example/?www.se.com',
      'file:///C:/Windows/System32/calc.exe',
      'ms-settings:',
      'javascript:alert(1)',
      '',
    ]) {
      expect(safeExternal(url), url).toBeUndefined();
    }
  });
});

describe('development', () => {
  it('is believed only of this PC and only when not packed', () => {
    expect(developmentUrl('http://localhost:5173', false)?.href).toBe('http://localhost:5173/');
    expect(developmentUrl('http://localhost:5173', true)).toBeUndefined();
    for (const url of [
      'http://localhost.evil.example:5173',
      'https://evil.example',
      'file:///tmp/x',
      'nonsense',
      undefined,
    ]) {
      expect(developmentUrl(url, false), url).toBeUndefined();
    }
  });

  it('has its tools in the menu, a packed application has not', () => {
    const roles = (packaged: boolean) =>
      JSON.stringify(menuTemplate({ platform: 'linux', packaged, send: () => undefined }));
    expect(roles(false)).toContain('toggleDevTools');
    expect(roles(true)).not.toMatch(/toggleDevTools|"reload"|forceReload/);
  });
});
