"""All cryptography of Corridor: signing, sealing, key slots, certificates. Nowhere else."""
