/** A person's rights over what is held: find, export, erase. Made by `createSubjects`, see `Subjects`. */
export type { AskedSubject } from './asked.ts';
export { contactHash } from './asked.ts';
export { SUBJECT_EXPORT_FORMAT } from './export.ts';
export type { SubjectIds } from './find.ts';
export type { PersonData } from './person_data.ts';
export { CONTROL_DATA, FOLDER_DATA, TABLE_DATA } from './person_data.ts';
export { SubjectError } from './subject_error.ts';
export type {
  ErasedSubject,
  EraseOptions,
  FoundSubject,
  PatientSealing,
  SubjectAsker,
  Subjects,
  SubjectsOptions,
} from './subjects.ts';
export { createSubjects } from './subjects.ts';
