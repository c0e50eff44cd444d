import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startApp } from '../app/harness.ts';
import { go, openWizard, startPractice, state } from './steps.ts';

async function logIn(page: Page, password: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Login of the meter' });
  await dialog.getByLabel('Password', { exact: true }).fill(password);
  await dialog.getByRole('button', { name: 'Log in' }).click();
}

it('tries a wrong password once, says so, and never tries it again by itself', async () => {
  const { page, home, close } = await startApp('wrong password');
  const meter = await startPractice(page);
  await openWizard(page, home);
  await page.getByRole('button', { name: 'Use another login…' }).click();
  await logIn(page, 'wrong');
  const problem = page.getByRole('alert').filter({ hasText: 'The meter refused the login' });
  await problem.waitFor();
  expect(await problem.innerText()).toContain('this one counts');
  expect(failures(await state(meter))).toBe(1);
  expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('');

  // Whatever asks the meter next does so without the login that was refused.
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).last().click();
  await go(page, '#/meters');
  await openWizard(page, home);
  expect(failures(await state(meter))).toBe(1);
  expect(await page.getByText('Logged in as').count()).toBe(0);

  await page.getByRole('button', { name: 'Log in to the meter…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).last().click();

  // The page of the meter offers the login, too: without one its files stay unknown there.
  await page.getByRole('link', { name: 'Meters', exact: true }).click();
  await page.getByRole('row', { name: new RegExp(meter.serial) }).click();
  await page.getByRole('button', { name: 'Log in to the meter…' }).click({ timeout: 30_000 });
  await logIn(page, '0');
  await page.getByText('The simulated meter takes its main firmware', { exact: false }).waitFor({ timeout: 30_000 });
  expect(await page.getByRole('button', { name: 'Log in to the meter…' }).count()).toBe(0);
  expect(failures(await state(meter))).toBeLessThanOrEqual(1);

  await page.getByRole('button', { name: 'Upgrade firmware…' }).click();
  await page.getByText('Logged in as USER1').waitFor();
  await page.getByRole('radio', { name: 'Directly over SFTP' }).and(page.locator(':enabled')).waitFor();
  await close();
});

it('stops hard at a changed host key, and goes on only after it was forgotten by typing whose it is', async () => {
  const { page, home, close } = await startApp('host key');
  await startPractice(page);
  await openWizard(page, home);
  const file = join(home, 'known-hosts.json');
  const text = readFileSync(file, 'utf8');
  const [host = ''] = /127\.0\.0\.1:\d+/.exec(text) ?? [];
  writeFileSync(file, text.replace(/SHA256:[^"]+/, 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU'));

  await page.getByRole('button', { name: 'Use another login…' }).click();
  await logIn(page, '0');
  const stop = page.getByRole('alert').filter({ hasText: 'Stop: this is not the meter that was here before' });
  await stop.waitFor();
  expect(await page.getByRole('dialog').innerText()).toContain('SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU');
  await stop.getByRole('button', { name: 'Open trusted host keys' }).click();

  await page.getByRole('button', { name: `Forget… ${host}` }).click();
  await page.getByRole('button', { name: 'Forget the key', exact: true }).click();
  expect(await page.getByRole('dialog').innerText()).toContain('Type exactly');
  await page.getByLabel(`Type “${host}” to confirm`).fill(host);
  await page.getByRole('button', { name: 'Forget the key', exact: true }).click();
  await page.getByText(`The key of ${host} was forgotten.`).waitFor();

  await openWizard(page, home);
  await page.getByRole('button', { name: 'Log in to the meter…' }).click();
  await logIn(page, '0');
  await page.getByText('Logged in as USER1').waitFor();
  await close();
});

function failures(found: Readonly<Record<string, unknown>>): number {
  const { failures: counted } = found['users'] as { readonly failures: Readonly<Record<string, unknown>> };
  return Object.keys(counted).length === 0 ? 0 : Number(/\d+/.exec(JSON.stringify(Object.values(counted)))?.[0]);
}
