"""Right work that changes the world it runs in; the checks after it count as they deserve."""

from tests.hostile.submission import ALL, Submission, right

SUBMISSIONS = tuple(
    Submission(f"changes {name}", right(after={"t1": source}), ALL)
    for name, source in {
        "the locale": "import locale\ntry: locale.setlocale(locale.LC_ALL, 'de_DE.UTF-8')\nexcept locale.Error: pass",
        "the time zone": "import os, time\nos.environ['TZ'] = 'Pacific/Kiritimati'\ntime.tzset()",
        "what warnings do": "import warnings\nwarnings.simplefilter('error')",
        "how floats err": "import numpy as np\nnp.seterr(all='raise')\nnp.set_printoptions(precision=1)",
        "pandas' options": "import pandas as pd\npd.set_option('mode.copy_on_write', True) if False else None\n"
                           "pd.set_option('display.precision', 1)\npd.options.display.max_rows = 1",
        "the recursion limit": "import sys\nsys.setrecursionlimit(150)",
        "its folder": "import os\nos.makedirs('below', exist_ok=True)\nos.chdir('below')",
        "its folder to one that is gone": "import os, shutil\nos.makedirs('gone')\nos.chdir('gone')\nos.rmdir('../gone')",
        "standard output": "import sys, os\nsys.stdout.close() if False else None\nsys.stdout = sys.stderr = None\nos.close(1); os.close(2)",
        "the random numbers": "import random, numpy as np\nrandom.seed(7)\nnp.random.seed(7)\nnp.random.set_state(np.random.get_state())",
        "the limits of the process": "import resource\nfor n in range(10):\n"
                                     "    try: resource.setrlimit(n, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n    except (ValueError, OSError): pass",
        "its priority": "import os\ntry: os.nice(19)\nexcept OSError: pass",
        "the umask and the rights of its files": "import os\nos.umask(0o777)\nopen('mine.txt', 'w').write('x')",
        "the event loop": "import asyncio\nloop = asyncio.new_event_loop()\nasyncio.set_event_loop(loop)\nawait asyncio.sleep(0)\n"
                          "asyncio.get_running_loop().create_task(asyncio.sleep(3600))",
        "the garbage collector": "import gc\ngc.disable()\ngc.set_threshold(1)\ngc.enable()\ngc.freeze()",
        "the switching of threads": "import sys\nsys.setswitchinterval(100)",
        "the profiler and the tracer": "import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)",
        "decimal's precision": "import decimal\ndecimal.getcontext().prec = 1",
        "magics": "get_ipython().run_line_magic('precision', '1')\nget_ipython().run_line_magic('xmode', 'Verbose')\n"
                  "get_ipython().run_line_magic('reset_selective', '-f nothing')",
    }.items()
)  # fmt: skip
