/**
 * The query key under which a link to another domain of the shop tells who follows it. The page that it leads to takes it out
 * of its address at once, and no stored address has it.
 */
export const LINK_PARAMETER = 'pc_link';
