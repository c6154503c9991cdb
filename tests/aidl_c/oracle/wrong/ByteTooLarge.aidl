interface ByteTooLarge { const byte A = 256; }
