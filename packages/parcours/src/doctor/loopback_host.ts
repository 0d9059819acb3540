/** Whether browsers treat a host as this machine, and so as safe without TLS (Secure Contexts, 3.1). */
export const isLoopbackHost = (host: string): boolean =>
  /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
