export interface Place {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  file: string;
}

export interface ShownDiagnostic {
  code: string;
  severity: 'error' | 'warning';
  message: string;
  hint?: string;
  location?: Place;
}

export interface CompileAnswer {
  ok: boolean;
  diagnostics: ShownDiagnostic[];
  object: string;
  milliseconds: number;
}

/** The local server, as the page knows it. */
export class Server {
  constructor(
    readonly base: string,
    /** Whether it answers. */
    private readonly changed: (answers: boolean) => void,
  ) {}

  get(path: string): Promise<Response> {
    return this.ask(path, {});
  }

  async json<T>(path: string, body?: unknown): Promise<T> {
    const response = await this.ask(
      path,
      body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
    );
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(answer.error ?? `the server says ${response.status}`);
    return answer;
  }

  private async ask(path: string, options: RequestInit): Promise<Response> {
    try {
      const response = await fetch(this.base + path, options);
      this.changed(true);
      return response;
    } catch {
      this.changed(false);
      throw new Error('scxts play does not answer');
    }
  }
}
