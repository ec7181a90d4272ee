/** Replaces `source-map-support/register` for programs that Node runs without compilation. */
export {};
