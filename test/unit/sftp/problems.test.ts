import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, statusProblem } from '../../../electron/protocols/sftp/problems.ts';

const subject = { endpoint: '192.0.2.7:22', doing: 'writing', path: '/firmwareUpg/x.part' };

function statusError(code: number, message = ''): Error {
  return Object.assign(new Error(message), { code });
}

describe('the problem for a status of a host', () => {
  it.each([
    [2, '', 'sftp/no-such-file'],
    [10, '', 'sftp/no-such-file'],
    [3, '', 'sftp/permission-denied'],
    [12, '', 'sftp/permission-denied'],
    [14, '', 'sftp/no-space'],
    [15, '', 'sftp/no-space'],
    [4, 'No space left on device', 'sftp/no-space'],
    [4, 'storage is full', 'sftp/no-space'],
    [4, 'Disk quota exceeded', 'sftp/no-space'],
    [4, 'Failure', 'sftp/failure'],
    [4, 'The transfer was successful, not', 'sftp/failure'],
    [8, '', 'sftp/failure'],
    [4_294_967_295, '', 'sftp/failure'],
  ])('status %i %j is %s', (code, message, expected) => {
    expect(statusProblem(statusError(code, message), subject)).toMatchObject({
      code: expected,
      details: { endpoint: subject.endpoint, path: subject.path, status: code },
    });
  });

  it('is fit to be shown, whatever the host says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.string({ unit: 'binary', maxLength: 2000 }), (code, message) => {
        const { because, details } = statusProblem(statusError(code, message), subject);
        expect(because.length).toBeLessThan(350);
        expect(`${because}${String(details['said'])}`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});

describe('text made printable', () => {
  it('is one line without anything that hides or moves text', () => {
    expect(printable('a\r\nb\u0000c\u202Ed\u2028e')).toBe('a b c d e');
    expect(printable('x'.repeat(300))).toHaveLength(200);
  });
});
