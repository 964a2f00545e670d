package dev.genesysvault.simulation;

/** What can die around an operation, besides whoever asked for it. */
interface Outside {
  /** Ends the plugin's process; Vault starts another one. */
  void killPlugin();

  /** Ends Vault's process and the plugin's; somebody starts Vault again. */
  void killVault();
}
