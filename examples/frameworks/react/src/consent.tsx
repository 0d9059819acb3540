import { useTracker } from '@parcours/sdk/react';
import { useEffect, useState } from 'react';

/** Asks once, and tells every load what was answered. Until then nothing is stored or sent. */
export function Consent() {
  const { consent } = useTracker();
  const [isOpen, setOpen] = useState(false);

  useEffect(() => {
    const choice = localStorage.getItem('shop_consent');
    if (choice) consent({ audience: choice === 'yes' });
    else setOpen(true);
  }, [consent]);

  const choose = (choice: 'yes' | 'no') => {
    localStorage.setItem('shop_consent', choice);
    consent({ audience: choice === 'yes' });
    setOpen(false);
  };

  return (
    isOpen && (
      <p>
        May we measure how our pages are used?{' '}
        <button type="button" onClick={() => choose('yes')}>
          Allow
        </button>{' '}
        <button type="button" onClick={() => choose('no')}>
          Refuse
        </button>
      </p>
    )
  );
}
