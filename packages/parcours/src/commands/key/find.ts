import { type ControlKey, type ControlState, isOpen, keysOf } from '@parcours/store/control';
import { Refusal } from '../../control_decision.ts';

/**
 * The key of an id, or of a public key's text, as long as it opens something.
 *
 * @throws Refusal
 */
export function openKey(state: ControlState, name: string): ControlKey {
  const keys = keysOf(state, Date.now());
  const key = keys.find(
    ({ created }) => created.key === name || (created.use === 'public' && created.public_key === name),
  );
  if (key && isOpen(key)) return key;
  if (key) throw new Refusal('key_ended', `key ${key.created.key} is ${key.state} already, since ${key.ends_at}`);
  // Whoever pastes a secret here has it in the shell's history already: the answer at least does not repeat it.
  if (/^(sk|pc)_/.test(name)) {
    throw new Refusal('unknown_key', 'a key is named by its id, k_..., not by its secret (parcours key list)');
  }
  const place = name.startsWith('pk_') ? '; a key of the configuration file is taken out there' : '';
  throw new Refusal('unknown_key', `there is no key "${name}" (parcours key list)${place}`);
}
