export function growthPerMinute(
  samples: readonly { readonly ms: number; readonly value: number }[],
  stretches?: number,
): number;
