import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RemainView } from '../../../shared/contract/views.ts';
import { engine } from '../../engine/client.ts';
import { Section } from '../../ui/page.tsx';
import { useFormat } from '../../ui/text/format.ts';
import { TimeText } from '../../ui/text/time-text.tsx';
import { ask, IDLE, type Load, loaded } from '../ask.ts';
import { ProblemView } from '../upgrade/problem-view.tsx';
import classes from '../upgrade/steps/package.module.css';
import { bagName } from './store.ts';

/**
 * What interrupted backups and log reads left on this laptop; nothing is shown where there is nothing. Each is removed only when a person says so, and
 * never while a process writes it.
 *
 * @param turn changes where the list is to be read again; null while it is not
 */
export function Remains({ turn }: { readonly turn: unknown }) {
  const { t } = useTranslation();
  const [remains, setRemains] = useState<Load<readonly RemainView[]>>(IDLE);
  const [asked, setAsked] = useState<RemainView>();
  const [said, setSaid] = useState('');
  const [refused, setRefused] = useState<Load<RemainView>>(IDLE);
  const read = useCallback(async () => setRemains(loaded(await ask(() => engine.backups.remains()))), []);
  useEffect(() => {
    if (turn !== null) void read();
  }, [read, turn]);

  async function remove({ path }: RemainView): Promise<void> {
    setAsked(undefined);
    const done = await ask(() => engine.backups.clean({ path }));
    setRefused(done.ok ? IDLE : loaded(done));
    setSaid(done.ok ? t('backups:remains.removed', { name: bagName(path) }) : '');
    await read();
  }

  if (remains.state === 'failed') return <ProblemView problem={remains.problem} onRetry={() => void read()} />;
  const shown = remains.state === 'ready' ? remains.value : [];
  return (
    <>
      <Text size="sm" role="status">
        {said}
      </Text>
      {refused.state === 'failed' && <ProblemView problem={refused.problem} />}
      {shown.length > 0 && (
        <Section title={t('backups:remains.title')}>
          <Stack gap="sm">
            <Text size="sm">{t('backups:remains.what')}</Text>
            <Table remains={shown} onRemove={setAsked} />
          </Stack>
        </Section>
      )}
      {asked !== undefined && (
        <Modal
          opened
          onClose={() => setAsked(undefined)}
          title={t('backups:remains.askTitle')}
          closeButtonProps={{ 'aria-label': t('ui:close') }}
        >
          <Stack gap="sm">
            <Text size="sm">{t('backups:remains.ask', { name: bagName(asked.path), count: asked.files })}</Text>
            <Group gap="xs">
              <Button color="red" onClick={() => void remove(asked)}>
                {t('backups:remains.remove')}
              </Button>
              <Button variant="default" data-autofocus onClick={() => setAsked(undefined)}>
                {t('ui:cancel')}
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </>
  );
}

interface TableProps {
  readonly remains: readonly RemainView[];
  readonly onRemove: (remain: RemainView) => void;
}

function Table({ remains, onRemove }: TableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={classes['wrap']}>
      <table className={classes['table']} aria-label={t('backups:remains.title')}>
        <thead>
          <tr>
            <th scope="col">{t('backups:remains.name')}</th>
            <th scope="col">{t('backups:remains.size')}</th>
            <th scope="col">{t('backups:remains.changed')}</th>
            <th scope="col">{t('backups:remains.by')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {remains.map((remain) => (
            <tr key={remain.path}>
              <th scope="row">
                {bagName(remain.path)}
                <div className="mw-quiet">{t(`backups:remains.kind.${remain.kind}`)}</div>
              </th>
              <td>{t('backups:remains.files', { count: remain.files, bytes: format.bytes(remain.bytes) })}</td>
              <td>
                <TimeText at={remain.changedAt} />
              </td>
              <td>
                {remain.leftBy === null
                  ? t('backups:remains.unknown')
                  : t('backups:remains.process', {
                      pid: remain.leftBy.pid,
                      since: format.local(remain.leftBy.since),
                    })}
              </td>
              <td>
                {remain.atWork ? (
                  t(remain.leftBy === null ? 'backups:remains.maybeAtWork' : 'backups:remains.atWork')
                ) : (
                  <Button
                    variant="default"
                    aria-label={t('backups:remains.removeOf', { name: bagName(remain.path) })}
                    onClick={() => onRemove(remain)}
                  >
                    {t('backups:remains.removeAsk')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
