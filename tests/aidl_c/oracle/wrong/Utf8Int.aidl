interface Utf8Int { @utf8InCpp int a(); }
