/** Whether a password is easy to guess. @param words - words that others connect with the person */
export type IsGuessable = (password: string, words: readonly string[]) => boolean;

/** Of zxcvbn's 0 to 4: at least 10^10 guesses. With 3, a password of three words of the person would do. */
const lowestScore = 4;

/** A password at most, in characters: bcrypt reads no more. It also bounds the time of the estimate. */
const longest = 72;

/** Replaced characters, such as @ for a, that are tried at most. By default, a hostile password takes seconds. */
const mostSubstitutions = 10;

/**
 * Loads the lists of common passwords, names and words (English and French), which are a part of this program.
 *
 * Only `serve` needs them, and they take 40 MB.
 */
export async function loadPasswordLists(): Promise<IsGuessable> {
  const [{ ZxcvbnFactory }, common, english, french] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
    import("@zxcvbn-ts/language-en"),
    import("@zxcvbn-ts/language-fr"),
  ]);
  const estimator = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary, ...french.dictionary },
    graphs: common.adjacencyGraphs,
    maxLength: longest,
    l33tMaxSubstitutions: mostSubstitutions,
  });
  return (password, words) => estimator.check(password, [...words]).score < lowestScore;
}
