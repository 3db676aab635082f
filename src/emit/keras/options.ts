import type { Hyperparameter } from '../../ir/graph.ts'

/** What the rate of a rule is called in programs, and what Keras calls that of its optimizers. */
export const RATE = 'lr'
export const LEARNING_RATE = 'learning_rate'

/** What the base class, too, has under this name: a rule that decays weights itself has it in the place of the base class. */
export const WEIGHT_DECAY = 'weight_decay'

/** Names of arguments and members of Keras's optimizers. */
export const TAKEN =
  'name learning_rate clipnorm clipvalue global_clipnorm use_ema ema_momentum ema_overwrite_frequency loss_scale_factor ' +
  'gradient_accumulation_steps kwargs built iterations variables add_variable add_variable_from_reference add_optimizer_variables ' +
  'assign assign_add assign_sub update_step apply apply_gradients stateless_apply scale_loss set_weights save_own_variables ' +
  'load_own_variables exclude_from_weight_decay finalize_variable_values build get_config from_config path ' +
  'evaluated swap_in swap_out evaluation_weights total_steps seed hidden of_hidden updates'

/** A hyperparameter under its name in the class. */
export interface Option {
  readonly source: Hyperparameter
  /** Of the argument, and of the member. */
  readonly name: string
  /** Whether it is the learning rate, which Keras keeps. */
  readonly isRate: boolean
}
