/** Habits of good clients, by a sentence that says what they do. */
export const variants: Readonly<Record<string, object>>
