import { Button, Collapse, Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UnreachableView } from '../../../shared/contract/views.ts';
import { engine } from '../../engine/client.ts';
import lists from '../../ui/lists.module.css';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { askPlain, IDLE, type Load, loaded } from '../ask.ts';

/** What a meter holds and no open protocol gives: why, and how to save it with the vendor's software. Asked for when it is opened. */
export function Unreachable() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [load, setLoad] = useState<Load<readonly UnreachableView[]>>(IDLE);
  const wanted = open && load.state === 'idle';
  useEffect(() => {
    if (wanted) void askPlain(() => engine.backups.unreachable()).then((found) => setLoad(loaded(found)));
  }, [wanted]);
  return (
    <div>
      <Button variant="subtle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('backups:unreachable.title')}
      </Button>
      <Collapse expanded={open}>
        <p className="mw-quiet">{t('backups:unreachable.about')}</p>
        {load.state === 'idle' && <Loader aria-label={t('backups:unreachable.title')} />}
        {load.state === 'failed' && <ProblemCard problem={load.problem} onRetry={() => setLoad(IDLE)} />}
        {load.state === 'ready' && load.value.map((data) => <Data key={data.id} data={data} />)}
      </Collapse>
    </div>
  );
}

function Data({ data: { title, because, item, handOff } }: { readonly data: UnreachableView }) {
  const { t } = useTranslation();
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <p>
        {because} {t('backups:unreachable.item', { item: t(`domain:item.${item}`) })}
      </p>
      <ol className={lists['steps']}>
        {handOff.steps.map(({ text }) => (
          <li key={text}>{text}</li>
        ))}
      </ol>
      <p className="mw-quiet">{handOff.watch}</p>
    </section>
  );
}
