/** `p.debugger.js`: the consent debugger for the tracker of `p.js`. */
import { consentDebugger } from '../debugger/debugger.ts';
import { addOn } from './add_on.ts';

addOn({ debugger: consentDebugger });
