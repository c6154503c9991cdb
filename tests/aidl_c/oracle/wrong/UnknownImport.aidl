import no.such.Thing; interface UnknownImport { void a(); }
