/** In place of `source-map-support/register`, for programs that Node runs as they were written. */
export {};
