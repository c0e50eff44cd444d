import { ActionIcon, Button, ScrollArea, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '../configure.module.css';

interface SourcePickerProps {
  readonly available: readonly string[];
  /** Linked sources in their order. */
  readonly chosen: readonly string[];
  /** Sources that the recorder can have; null where the firmware is not known. */
  readonly most: number | null;
  readonly onChange: (chosen: readonly string[]) => void;
}

/** The sources of a recorder: found by words, added, ordered and removed. */
export function SourcePicker({ available, chosen, most, onChange }: SourcePickerProps) {
  return (
    <div className={classes['two']}>
      {available.length > 0 ? (
        <Available available={available} chosen={chosen} most={most} onChange={onChange} />
      ) : (
        <ByLabel chosen={chosen} onChange={onChange} />
      )}
      <Chosen chosen={chosen} onChange={onChange} />
    </div>
  );
}

function Available({ available, chosen, most, onChange }: SourcePickerProps) {
  const { t } = useTranslation();
  const title = useId();
  const [words, setWords] = useState('');
  const linked = new Set(chosen);
  const wanted = words.trim().toLowerCase();
  const shown = available.filter((name) => !linked.has(name) && name.toLowerCase().includes(wanted));
  const room = Math.max(0, (most ?? shown.length + chosen.length) - chosen.length);
  const fitting = shown.slice(0, room);
  return (
    <div className={classes['stack']}>
      <h4 id={title} className={classes['sub']}>
        {t('configure:source.available')}
      </h4>
      <div className={classes['bar']}>
        <TextInput
          aria-label={t('configure:source.search')}
          placeholder={t('configure:source.search')}
          value={words}
          w={180}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Button variant="default" disabled={fitting.length === 0} onClick={() => onChange([...chosen, ...fitting])}>
          {t('configure:source.addShown', { count: fitting.length })}
        </Button>
      </div>
      <ScrollArea.Autosize
        mah={220}
        type="auto"
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-labelledby': title }}
      >
        <ul className={classes['pick']}>
          {shown.map((name) => (
            <li key={name}>
              <span>{name}</span>
              <ActionIcon
                variant="subtle"
                aria-label={t('configure:source.add', { name })}
                onClick={() => onChange([...chosen, name])}
              >
                <IconPlus size={14} />
              </ActionIcon>
            </li>
          ))}
          {shown.length === 0 && <li className="mw-quiet">{t('configure:source.noMatch')}</li>}
        </ul>
      </ScrollArea.Autosize>
    </div>
  );
}

function ByLabel({ chosen, onChange }: Pick<SourcePickerProps, 'chosen' | 'onChange'>) {
  const { t } = useTranslation();
  const [label, setLabel] = useState('');
  return (
    <form
      className={classes['stack']}
      onSubmit={(event) => {
        event.preventDefault();
        const name = label.trim();
        if (name === '' || chosen.includes(name)) return;
        onChange([...chosen, name]);
        setLabel('');
      }}
    >
      <h4 className={classes['sub']}>{t('configure:source.available')}</h4>
      <p className={classes['note']}>{t('configure:source.unknown')}</p>
      <TextInput
        label={t('configure:source.label')}
        value={label}
        maxLength={200}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" variant="default" leftSection={<IconPlus size={14} />}>
          {t('configure:source.addLabel')}
        </Button>
      </div>
    </form>
  );
}

function Chosen({ chosen, onChange }: Pick<SourcePickerProps, 'chosen' | 'onChange'>) {
  const { t } = useTranslation();
  const title = useId();
  const swap = (index: number, other: number) => {
    const next = [...chosen];
    const [a, b] = [chosen[index], chosen[other]];
    if (a === undefined || b === undefined) return;
    next[index] = b;
    next[other] = a;
    onChange(next);
  };
  return (
    <div className={classes['stack']}>
      <h4 id={title} className={classes['sub']}>
        {t('configure:source.title')} ({chosen.length})
      </h4>
      <div>
        <Button variant="default" disabled={chosen.length === 0} onClick={() => onChange([])}>
          {t('configure:source.clear')}
        </Button>
      </div>
      <ScrollArea.Autosize
        mah={220}
        type="auto"
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-labelledby': title }}
      >
        <ol className={classes['pick']}>
          {chosen.map((name, index) => (
            <li key={placeKey(chosen, index)}>
              <span>
                {index + 1}. {name}
              </span>
              <ActionIcon
                variant="subtle"
                aria-label={t('configure:source.up', { name })}
                disabled={index === 0}
                onClick={() => swap(index, index - 1)}
              >
                <IconArrowUp size={14} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                aria-label={t('configure:source.down', { name })}
                disabled={index === chosen.length - 1}
                onClick={() => swap(index, index + 1)}
              >
                <IconArrowDown size={14} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                aria-label={t('configure:source.remove', { name })}
                onClick={() => onChange(chosen.filter((_, at) => at !== index))}
              >
                <IconX size={14} />
              </ActionIcon>
            </li>
          ))}
          {chosen.length === 0 && <li className="mw-quiet">{t('configure:source.none')}</li>}
        </ol>
      </ScrollArea.Autosize>
    </div>
  );
}

/** A source can be linked twice: its name and how often it came before. */
function placeKey(chosen: readonly string[], index: number): string {
  const name = chosen[index] ?? '';
  return `${chosen.slice(0, index).filter((other) => other === name).length} ${name}`;
}
