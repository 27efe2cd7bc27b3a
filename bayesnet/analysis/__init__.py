"""What is read off an answer.

- `entropy`, `pairs`: what each question would tell about each target by itself; `questions`,
  `information`: about their joint.
- `leave_one_out`: what is left without each observation, and so its weight.
- `adjoints`, `derivatives`: what every number of the network does.
- `conflict`: whether findings fit together. `most_probable`: the k most probable states.
- `study`: all that a diagnosis reads of one case, from one plan.
- `inference`: all of this for encoded cases, by index; `bayesnet.engine` gives it names.
"""
