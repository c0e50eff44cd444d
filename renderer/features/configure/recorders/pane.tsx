import { Button, NumberInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import { recordersAsRead } from '../../../../shared/domain/settings/as-read.ts';
import { AreaPane, type EditorProps } from '../area-pane.tsx';
import classes from '../configure.module.css';
import { RuleSayings } from '../settings/rule-sayings.tsx';
import { setPlan } from '../store.ts';
import { RecorderEditor } from './editor.tsx';
import { RecorderList } from './list.tsx';
import { MergeAdvice } from './merge-advice.tsx';

/** Recorders of the largest feature set. Source: vendor's default data logging page. */
const MOST_RECORDERS = 64;

/** Data Recorders: what each keeps, and a plan for any number of them. */
export function RecordersPane({ meter }: { readonly meter: ListedMeter }) {
  return (
    <AreaPane
      meter={meter}
      area="recorders"
      editor={(plan, reading, rules) =>
        plan.area === 'recorders' && (
          <RecordersEditor
            meter={meter}
            reading={reading}
            wishes={plan.settings}
            onWishes={(settings) => setPlan(meter.id, { area: 'recorders', settings })}
            rules={rules}
          />
        )
      }
    />
  );
}

function RecordersEditor({ reading, wishes, onWishes, rules }: EditorProps<'recorders'>) {
  const [open, setOpen] = useState<number | null>(null);
  const now = recordersAsRead(reading.settings);
  const records = new Map(reading.records.map(({ recorder, records: count }) => [recorder, count]));
  const used = [...now].filter(([, { depth, sources }]) => depth > 0 || sources.length > 0);
  const free = [...now.keys()].find((number) => !used.some(([other]) => other === number));
  return (
    <div className={classes['stack']}>
      <RecorderList
        now={new Map(used)}
        wishes={wishes}
        records={records}
        rules={rules}
        unused={now.size - used.length}
        open={open}
        onOpen={setOpen}
      />
      <RuleSayings rules={rules.filter(({ verdict }) => verdict !== 'pass')} field="recorders" />
      <AddRecorder first={free ?? 1} onAdd={setOpen} />
      {open !== null && (
        <RecorderEditor
          key={open}
          number={open}
          now={now.get(open) ?? null}
          identity={reading.identity}
          available={reading.sources}
          wishes={wishes}
          onWishes={onWishes}
          rules={rules}
          onClose={() => setOpen(null)}
        />
      )}
      <MergeAdvice now={new Map(used)} firmware={reading.identity.firmware} wishes={wishes} onWishes={onWishes} />
    </div>
  );
}

function AddRecorder({ first, onAdd }: { readonly first: number; readonly onAdd: (number: number) => void }) {
  const { t } = useTranslation();
  const [number, setNumber] = useState<number | string>('');
  return (
    <form
      className={classes['bar']}
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(Math.min(MOST_RECORDERS, Math.max(1, Math.trunc(Number(number)) || first)));
      }}
    >
      <NumberInput
        label={t('configure:recorder.which')}
        value={number}
        placeholder={String(first)}
        min={1}
        max={MOST_RECORDERS}
        allowDecimal={false}
        w={190}
        onChange={setNumber}
      />
      <Button type="submit" variant="default" leftSection={<IconPlus size={15} />} style={{ alignSelf: 'flex-end' }}>
        {t('configure:recorder.add')}
      </Button>
    </form>
  );
}
