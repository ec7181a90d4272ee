function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Runs one long step and tells on standard error what it is, then how it ended and after how long. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  process.stderr.write(`  … ${title}\n`);
  try {
    const result = await work();
    process.stderr.write(`  ✓ ${title} (${seconds(start)})\n`);
    return result;
  } catch (error) {
    process.stderr.write(`  ✗ ${title} (${seconds(start)})\n`);
    throw error;
  }
}
