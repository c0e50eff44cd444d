import { Button } from '@mantine/core';
import { useContext, useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/router.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { timeText } from '../../ui/text/time-text.tsx';
import { BackupAge } from './backup-age.tsx';
import { meterColumns } from './columns.tsx';
import { Now, useListNow } from './now.ts';
import type { MeterRow } from './rows.ts';
import { useNarrowing } from './sites/sites.ts';

const BY_NAME = { id: 'name', desc: false } as const;
const rowId = ({ id }: MeterRow) => id;
const rowName = ({ name }: MeterRow) => name;
const open = ({ id }: MeterRow) => navigate('meter', id, 'overview');

interface MeterTableProps {
  readonly rows: readonly MeterRow[];
  /** Whether there are sites to show. */
  readonly withSites: boolean;
  /** Ids of the selected meters. */
  readonly selection: ReadonlySet<string>;
  readonly onSelection: (selection: ReadonlySet<string>) => void;
}

function Ago({ at, language }: { readonly at: string; readonly language: string }) {
  const now = useContext(Now);
  return now === undefined ? null : timeText({ at, age: now }, language);
}

/** The meters that contain what the filter says; a key typed into it is shown before the rows are. */
export function MeterTable({ rows, withSites, selection, onSelection }: MeterTableProps) {
  const { t, i18n } = useTranslation();
  const now = useListNow(10_000);
  const words = useDeferredValue(useNarrowing((state) => state.filter));
  const columns = useMemo(() => {
    return meterColumns(t, i18n.language, withSites, {
      ago: (at) => <Ago at={at} language={i18n.language} />,
      backup: ({ at, check }) => <BackupAge at={at} check={check} />,
    });
  }, [t, i18n.language, withSites]);
  const empty = useMemo(
    () => (
      <EmptyState title={t('meters:noMatch.title')} text={t('meters:noMatch.text', { filter: words })}>
        <Button variant="default" onClick={() => useNarrowing.setState({ filter: '' })}>
          {t('meters:noMatch.clear')}
        </Button>
      </EmptyState>
    ),
    [t, words],
  );
  return (
    <Now.Provider value={now}>
      <DataTable
        label={t('meters:title')}
        rows={rows}
        columns={columns}
        rowId={rowId}
        rowName={rowName}
        onOpen={open}
        selection={selection}
        onSelection={onSelection}
        filter={words}
        initialSort={BY_NAME}
        empty={empty}
      />
    </Now.Provider>
  );
}
